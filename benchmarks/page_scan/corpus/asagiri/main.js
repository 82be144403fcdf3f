$('.menu').on('click', function () { document.body.classList.toggle('open'); });
$('.reserve').on('click', function () { $.ajax({ url: '/api/slots', success: function (t) { $('.slots').html(t); } }); });
